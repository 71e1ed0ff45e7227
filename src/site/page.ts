// The page of a project: one HTML file with all that it shows in it, which needs no server and no network.
import { SCRIPT } from './page-script.ts';
import { STYLE } from './page-style.ts';
import type { Site } from './site.ts';

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

/** `json`: as JSON text. No '<' stands in it, so that nothing ends the element it is in. */
export const page = (site: Site, json: (value: unknown) => string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:">
<link rel="icon" href="data:,">
<title>${escaped(site.project)}</title>
<style>${STYLE}</style>
</head>
<body>
<a class="skip" href="#content">To the content</a>
<nav aria-label="Nodes">
<h1><a href="#!/overview">${escaped(site.project)}</a></h1>
<input id="search" type="search" placeholder="Search" aria-label="Search nodes by name, column, tag or description" autocomplete="off">
<div id="menu"></div>
</nav>
<main id="content"><noscript>This page shows the project with JavaScript.</noscript></main>
<script type="application/json" id="site">${json(site).replaceAll('<', '\\u003c')}</script>
<script>${SCRIPT}</script>
</body>
</html>
`;
