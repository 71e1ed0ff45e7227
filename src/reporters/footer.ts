// The live footer: how far the run is, how long it has taken, and what is running. Pure: lines, each within the width.
import { cutText, oneLine } from '../core/table-text.ts';
import { durationText, type Look } from './look.ts';
import { isFailure, labelText, type Progress, total } from './reporter.ts';

const MAX_RUNNING = 4;
const MAX_BAR = 24;

/** No lines before the run starts and after it has finished. `now`: epoch ms. */
export function footerLines(progress: Progress, now: number, look: Look): readonly string[] {
  const { running, results, started, finished } = progress;
  if (!started || finished || started.nodes.length === 0) return [];
  const { colors, width } = look;
  const all = total(progress);
  const cells = Math.min(MAX_BAR, Math.floor(width / 3));
  const filled = Math.round((cells * results.length) / all);
  const failed = results.filter(({ status }) => isFailure(status)).length;
  const bar = `${colors.green('━'.repeat(filled))}${colors.dim('─'.repeat(cells - filled))}`;
  const spent = durationText(now - started.at).replace(/\.\d+s$/, 's');
  const tail = ` ${results.length}/${all}  ${spent}${failed > 0 ? `  ${failed} failed` : ''}  ${running.size} running`;
  const head = `${bar}${(failed > 0 ? colors.red : String)(cutText(tail, width - cells))}`;
  const nodes = [...running].slice(0, MAX_RUNNING).map(([node, since]) => {
    const time = durationText(now - since).replace(/\.\d+s$/, 's');
    return colors.dim(cutText(`  ${oneLine(labelText(progress, node))}  ${time}`, width));
  });
  const more = running.size - nodes.length;
  return [head, ...nodes, ...(more > 0 ? [colors.dim(cutText(`  and ${more} more`, width))] : [])];
}
