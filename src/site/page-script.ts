// What the page does: shows the node that its address names, finds nodes by words, draws what a node is made from and what is
// made of it. Everything is put in as text, never as HTML. Runs in the browser, on the data that stands in the page.
export const SCRIPT = String.raw`
'use strict';
const site = JSON.parse(document.getElementById('site').textContent);
const byId = new Map(site.nodes.map((node) => [node.id, node]));
const readers = new Map();
for (const node of site.nodes) for (const id of node.reads) readers.set(id, [...(readers.get(id) || []), node.id]);
const make = (name, attributes, ...children) => {
  const made = name.startsWith('svg:') ? document.createElementNS('http://www.w3.org/2000/svg', name.slice(4)) : document.createElement(name);
  for (const [key, value] of Object.entries(attributes || {})) if (value !== undefined) made.setAttribute(key, value);
  made.append(...children.flat().filter((child) => child !== undefined && child !== ''));
  return made;
};
const addressOf = (node) => '#!/' + node.type + '/' + encodeURIComponent(node.id);
const link = (node) => make('a', { href: addressOf(node) }, node.label);

const SPAN = /\x60([^\x60]+)\x60|\*\*([^*]+)\*\*|\[([^\]]+)\]\((https?:\/\/[^\s)]+|#[^\s)]*)\)|\b_([^_]+)_\b|\*([^*]+)\*/;
function spans(text) {
  const found = SPAN.exec(text);
  if (!found) return [text];
  const [whole, code, bold, word, place, one, other] = found;
  const made = code !== undefined ? make('code', {}, code)
    : bold !== undefined ? make('strong', {}, ...spans(bold))
    : word !== undefined ? make('a', { href: place }, word)
    : make('em', {}, ...spans(one === undefined ? other : one));
  return [text.slice(0, found.index), made, ...spans(text.slice(found.index + whole.length))];
}
/** Headings, lists, code and paragraphs of Markdown. */
function prose(text) {
  const made = [];
  const parts = text.replace(/\r/g, '').split(/^\x60\x60\x60.*$/m);
  parts.forEach((part, index) => {
    if (index % 2 === 1) return made.push(make('pre', {}, make('code', {}, part.trim())));
    for (const block of part.split(/\n\s*\n/)) {
      const lines = block.trim().split('\n');
      const heading = /^(#{1,6})\s+(.*)/.exec(lines[0]);
      if (heading) made.push(make('h' + Math.min(6, heading[1].length + 2), {}, ...spans(heading[2])));
      const rest = heading ? lines.slice(1) : lines;
      if (rest.length === 0 || rest[0] === '') continue;
      if (rest.every((line) => /^\s*[-*+]\s/.test(line))) made.push(make('ul', {}, rest.map((line) => make('li', {}, ...spans(line.replace(/^\s*[-*+]\s+/, ''))))));
      else made.push(make('p', {}, ...spans(rest.join('\n'))));
    }
  });
  return made;
}

/** Nodes by how many steps they are from this one: negative ones are read by it. At most three steps, and so many in each. */
function around(node) {
  const steps = new Map([[node.id, 0]]);
  const walk = (next, by) => {
    let edge = [node.id];
    for (let step = 1; step <= 3; step++) {
      edge = edge.flatMap((id) => next(id)).filter((id) => byId.has(id) && !steps.has(id));
      edge = [...new Set(edge)].slice(0, 24);
      for (const id of edge) steps.set(id, step * by);
    }
  };
  walk((id) => byId.get(id).reads, -1);
  walk((id) => readers.get(id) || [], 1);
  return steps;
}
function lineage(node) {
  const steps = around(node);
  if (steps.size === 1) return make('p', { class: 'empty' }, 'It reads nothing, and nothing reads it.');
  const columns = [-3, -2, -1, 0, 1, 2, 3].map((step) => [...steps].filter(([, one]) => one === step).map(([id]) => id)).filter((column) => column.length > 0);
  const [width, gap, height, apart] = [170, 50, 28, 12];
  const tallest = Math.max(...columns.map((column) => column.length));
  const places = new Map();
  columns.forEach((column, x) => column.forEach((id, y) =>
    places.set(id, { x: x * (width + gap), y: (y + (tallest - column.length) / 2) * (height + apart) })));
  const lines = [...places].flatMap(([id, to]) => byId.get(id).reads.filter((read) => places.has(read)).map((read) => {
    const from = places.get(read);
    const [x1, y1, x2, y2] = [from.x + width, from.y + height / 2, to.x, to.y + height / 2];
    return make('svg:path', { d: 'M' + x1 + ' ' + y1 + ' C' + (x1 + 25) + ' ' + y1 + ' ' + (x2 - 25) + ' ' + y2 + ' ' + x2 + ' ' + y2 });
  }));
  const boxes = [...places].map(([id, { x, y }]) => {
    const one = byId.get(id);
    const label = one.label.length > 22 ? one.label.slice(0, 21) + '…' : one.label;
    return make('svg:a', { href: addressOf(one), class: id === node.id ? 'here' : undefined, 'aria-label': one.type + ' ' + one.label },
      make('svg:rect', { x, y, width, height, rx: 5 }), make('svg:text', { x: x + 10, y: y + 18 }, label), make('svg:title', {}, one.type + ' ' + one.label));
  });
  const [w, h] = [columns.length * (width + gap) - gap, tallest * (height + apart) - apart];
  return make('div', { class: 'wide' }, make('svg:svg', { width: w + 2, height: h + 2, viewBox: '-1 -1 ' + (w + 2) + ' ' + (h + 2), role: 'group', 'aria-label': 'Lineage of ' + node.label }, lines, boxes));
}

const section = (title, ...content) => [make('h3', {}, title), ...content];
const list = (ids) => make('ul', {}, ids.filter((id) => byId.has(id)).map((id) => make('li', {}, link(byId.get(id)), ' ', make('span', { class: 'kind' }, byId.get(id).type))));
const code = (title, text, open) => text ? make('details', { open: open ? '' : undefined }, make('summary', {}, title), make('pre', { tabindex: '0' }, make('code', {}, text))) : undefined;
function table(node) {
  const rows = node.columns.map((column) => make('tr', {}, make('td', {}, make('code', {}, column.name)), make('td', {}, column.type),
    make('td', {}, ...prose(column.description)), make('td', {}, ...column.tests.map((test) => make('span', { class: 'tag' }, test)))));
  return make('div', { class: 'wide' }, make('table', {}, make('thead', {}, make('tr', {}, ['Column', 'Type', 'Description', 'Tests'].map((name) => make('th', { scope: 'col' }, name)))), make('tbody', {}, rows)));
}
function nodePage(node) {
  const below = readers.get(node.id) || [];
  return [
    make('h2', { tabindex: '-1' }, node.label),
    make('p', { class: 'kind' }, node.type + (node.materialized ? ', ' + node.materialized : '') + ' of ' + node.package),
    ...(node.description ? prose(node.description) : [make('p', { class: 'empty' }, 'It has no description.')]),
    node.tags.length ? make('p', {}, node.tags.map((tag) => make('span', { class: 'tag' }, tag))) : undefined,
    make('dl', {}, node.facts.flatMap(([name, value]) => [make('dt', {}, name), make('dd', {}, value)])),
    ...(node.columns.length ? section('Columns', table(node)) : []),
    ...(node.tests.length ? section('Tests of the whole', make('p', {}, node.tests.map((test) => make('span', { class: 'tag' }, test)))) : []),
    ...section('Lineage', lineage(node)),
    ...(node.reads.some((id) => byId.has(id)) ? section('Reads', list(node.reads)) : []),
    ...(below.length ? section('Is read by', list(below)) : []),
    ...(node.raw || node.compiled ? section('SQL', code('As it is written', node.raw, true), code('As it is compiled', node.compiled, false)) : []),
  ];
}
const overview = () => [make('h2', { tabindex: '-1' }, site.project), ...prose(site.overview),
  ...section('What there is', make('ul', {}, site.groups.map(({ title, ids }) => make('li', {}, ids.length + ' ' + title.toLowerCase()))))];

const main = document.querySelector('main');
const menu = document.getElementById('menu');
const search = document.getElementById('search');
function fillMenu() {
  const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
  const fits = (node) => words.every((word) => node.words.includes(word));
  const groups = site.groups.map(({ title, ids }) => ({ title, nodes: ids.map((id) => byId.get(id)).filter(fits) })).filter(({ nodes }) => nodes.length > 0);
  menu.replaceChildren(...(groups.length ? groups.flatMap(({ title, nodes }) => [make('h2', {}, title),
    make('ul', {}, nodes.map((node) => make('li', {}, make('a', { href: addressOf(node), 'aria-current': location.hash === addressOf(node) ? 'page' : undefined }, node.label))))])
    : [make('p', { class: 'empty', role: 'status' }, 'Nothing has these words.')]));
}
function show(moved) {
  const found = /^#!\/\w+\/(.+)$/.exec(location.hash);
  const node = found && byId.get(decodeURIComponent(found[1]));
  const content = node ? nodePage(node) : found ? [make('h2', { tabindex: '-1' }, 'There is no such node'), make('p', {}, decodeURIComponent(found[1]))] : overview();
  main.replaceChildren(...content.filter((one) => one !== undefined));
  document.title = (node ? node.label + ' · ' : '') + site.project;
  fillMenu();
  if (moved) { scrollTo(0, 0); main.querySelector('h2').focus({ preventScroll: true }); }
}
search.addEventListener('input', fillMenu);
addEventListener('hashchange', () => show(true));
show(false);
`;
