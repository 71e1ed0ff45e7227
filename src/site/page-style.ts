// How the page looks: in light and in dark, on wide screens and narrow ones.
export const STYLE = `
:root { color-scheme: light dark; --back: #fff; --fore: #1c2430; --dim: #5b6675; --line: #d9dee5; --soft: #f4f6f9; --mark: #0b5cad; --node: #e8f0fa; --warm: #fff4d6; }
@media (prefers-color-scheme: dark) { :root { --back: #14181f; --fore: #e4e8ee; --dim: #9aa5b4; --line: #303845; --soft: #1c222c; --mark: #7db7f5; --node: #22344a; --warm: #453a1a; } }
* { box-sizing: border-box; }
body { margin: 0; font: 15px/1.5 system-ui, sans-serif; color: var(--fore); background: var(--back); display: grid; grid-template-columns: 19rem minmax(0, 1fr); min-height: 100vh; }
a { color: var(--mark); text-decoration: none; } a:hover { text-decoration: underline; }
:focus-visible { outline: 2px solid var(--mark); outline-offset: 2px; }
.skip { position: absolute; left: -99rem; } .skip:focus { left: 1rem; top: 1rem; background: var(--back); padding: .5rem; z-index: 1; }
nav { border-right: 1px solid var(--line); background: var(--soft); padding: 1rem; height: 100vh; overflow: auto; position: sticky; top: 0; }
nav h1 { font-size: 1.1rem; margin: 0 0 .75rem; } nav h1 a { color: inherit; }
nav h2 { font-size: .75rem; text-transform: uppercase; letter-spacing: .06em; color: var(--dim); margin: 1rem 0 .25rem; }
nav ul { list-style: none; margin: 0; padding: 0; } nav li a { display: block; padding: .1rem .4rem; border-radius: 4px; color: inherit; overflow-wrap: anywhere; }
nav li a[aria-current] { background: var(--node); font-weight: 600; }
input { width: 100%; font: inherit; color: inherit; background: var(--back); border: 1px solid var(--line); border-radius: 6px; padding: .35rem .6rem; }
main { padding: 1.5rem 2rem 4rem; max-width: 70rem; } main h2 { margin: 0; font-size: 1.6rem; overflow-wrap: anywhere; } main h3 { margin: 2rem 0 .5rem; font-size: 1.05rem; }
.kind { color: var(--dim); margin: 0 0 1rem; } .empty { color: var(--dim); font-style: italic; }
.wide { overflow-x: auto; } table { border-collapse: collapse; width: 100%; } th, td { text-align: left; vertical-align: top; padding: .35rem .75rem .35rem 0; border-bottom: 1px solid var(--line); } th { color: var(--dim); font-weight: 600; font-size: .85rem; }
td p { margin: 0; } dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: .2rem 1.25rem; margin: 1rem 0; } dt { color: var(--dim); } dd { margin: 0; overflow-wrap: anywhere; }
code, pre { font: 13px/1.5 ui-monospace, monospace; } code { background: var(--soft); padding: .1em .3em; border-radius: 3px; }
pre { background: var(--soft); border: 1px solid var(--line); border-radius: 6px; padding: .8rem 1rem; overflow: auto; max-height: 36rem; margin: .5rem 0; } pre code { background: none; padding: 0; }
summary { cursor: pointer; font-weight: 600; margin: .5rem 0; }
.tag { display: inline-block; background: var(--node); border-radius: 9px; padding: 0 .55rem; margin-right: .35rem; font-size: .85rem; }
svg text { fill: var(--fore); font: 12px system-ui, sans-serif; } svg rect { fill: var(--node); stroke: var(--line); } svg .here rect { fill: var(--warm); stroke: var(--mark); } svg path { fill: none; stroke: var(--dim); }
@media (max-width: 48rem) { body { display: block; } nav { position: static; height: auto; max-height: 50vh; border-right: 0; border-bottom: 1px solid var(--line); } main { padding: 1rem; } }
`;
