// The graph: names → ids, ids → what is chosen, what is chosen → steps.
export { type LinkInput, link } from './link.ts';
export { fitsVersion } from './resolve.ts';
export { type Schedule, type ScheduleOptions, type Step, schedule, type Wait } from './schedule.ts';
export { type SelectFor, type SelectionResult, select } from './select.ts';
export { sourceOf, unansweredFunction, unansweredRef, unansweredSource } from './unanswered.ts';
