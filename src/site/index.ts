// The project as documents: catalog.json, and the page that shows it.
export { type CatalogMetadata, catalogJson, type Described, placeKey } from './catalog-json.ts';
