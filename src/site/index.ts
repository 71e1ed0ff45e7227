// The project as documents: catalog.json, and the page that shows it.
export { catalogEntries, catalogJson, type Described, placeKey } from './catalog-json.ts';
export { page } from './page.ts';
export { type Site, siteOf } from './site.ts';
