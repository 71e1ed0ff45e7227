// Spatial functions. https://docs.aws.amazon.com/redshift/latest/dg/geospatial-functions.html
import { page } from '../../rules/rule.ts';
import { type Signature, signatures } from './signature.ts';

export const spatialFunctions: readonly Signature[] = signatures(
  'scalar',
  page('geospatial-functions'),
  `
  addbbox(spatial) spatial
  dropbbox(spatial) spatial
  geometrytype(spatial) text
  h3_boundary(any) spatial
  h3_center(any) spatial
  h3_fromlonglat(number, number, integer) integer
  h3_frompoint(spatial, integer) integer
  h3_isvalid(any) boolean
  h3_polyfill(spatial, integer) super
  h3_resolution(any) integer
  h3_tochildren(any, integer) super
  h3_toparent(any, integer) integer
  st_addpoint(spatial, spatial, integer?) spatial
  st_angle(spatial, spatial, spatial?, spatial?) number
  st_area(spatial) number
  st_asbinary(spatial) text
  st_asewkb(spatial) text
  st_asewkt(spatial, integer?) text
  st_asgeojson(spatial, integer?) text
  st_ashexewkb(spatial) text
  st_ashexwkb(spatial) text
  st_astext(spatial, integer?) text
  st_azimuth(spatial, spatial) number
  st_boundary(spatial) spatial
  st_buffer(spatial, number, integer?) spatial
  st_centroid(spatial) spatial
  st_collect(spatial, spatial?) spatial
  st_contains(spatial, spatial) boolean
  st_containsproperly(spatial, spatial) boolean
  st_convexhull(spatial) spatial
  st_coveredby(spatial, spatial) boolean
  st_covers(spatial, spatial) boolean
  st_crosses(spatial, spatial) boolean
  st_dimension(spatial) integer
  st_disjoint(spatial, spatial) boolean
  st_distance(spatial, spatial) number
  st_distancesphere(spatial, spatial, number?) number
  st_dwithin(spatial, spatial, number) boolean
  st_endpoint(spatial) spatial
  st_envelope(spatial) spatial
  st_equals(spatial, spatial) boolean
  st_exteriorring(spatial) spatial
  st_force2d(spatial) spatial
  st_force3d(spatial) spatial
  st_force3dm(spatial) spatial
  st_force3dz(spatial) spatial
  st_force4d(spatial) spatial
  st_geogfromtext(text) spatial
  st_geogfromwkb(any) spatial
  st_geohash(spatial, integer?) text
  st_geometryn(spatial, integer) spatial
  st_geometrytype(spatial) text
  st_geomfromewkb(any) spatial
  st_geomfromewkt(text) spatial
  st_geomfromgeohash(text, integer?) spatial
  st_geomfromgeojson(text) spatial
  st_geomfromgeosquare(any, integer?) spatial
  st_geomfromtext(text, integer?) spatial
  st_geomfromwkb(any, integer?) spatial
  st_geosquare(spatial, integer?) integer
  st_interiorringn(spatial, integer) spatial
  st_intersection(spatial, spatial) spatial
  st_intersects(spatial, spatial) boolean
  st_isclosed(spatial) boolean
  st_iscollection(spatial) boolean
  st_isempty(spatial) boolean
  st_ispolygonccw(spatial) boolean
  st_ispolygoncw(spatial) boolean
  st_isring(spatial) boolean
  st_issimple(spatial) boolean
  st_isvalid(spatial) boolean
  st_length(spatial) number
  st_length2d(spatial) number
  st_lengthsphere(spatial, number?) number
  st_linefrommultipoint(spatial) spatial
  st_lineinterpolatepoint(spatial, number) spatial
  st_m(spatial) number
  st_makeenvelope(number, number, number, number, integer?) spatial
  st_makeline(spatial, spatial?) spatial
  st_makepoint(number, number, number?, number?) spatial
  st_makepolygon(spatial, spatial?) spatial
  st_memsize(spatial) integer
  st_mmax(spatial) number
  st_mmin(spatial) number
  st_multi(spatial) spatial
  st_ndims(spatial) integer
  st_npoints(spatial) integer
  st_nrings(spatial) integer
  st_numgeometries(spatial) integer
  st_numinteriorrings(spatial) integer
  st_numpoints(spatial) integer
  st_perimeter(spatial) number
  st_perimeter2d(spatial) number
  st_point(number, number) spatial
  st_pointn(spatial, integer) spatial
  st_points(spatial) spatial
  st_polygon(spatial, integer) spatial
  st_removepoint(spatial, integer) spatial
  st_reverse(spatial) spatial
  st_setpoint(spatial, integer, spatial) spatial
  st_setsrid(spatial, integer) spatial
  st_simplify(spatial, number) spatial
  st_srid(spatial) integer
  st_startpoint(spatial) spatial
  st_touches(spatial, spatial) boolean
  st_transform(spatial, any, text?) spatial
  st_union(spatial, spatial) spatial
  st_within(spatial, spatial) boolean
  st_x(spatial) number
  st_xmax(spatial) number
  st_xmin(spatial) number
  st_y(spatial) number
  st_ymax(spatial) number
  st_ymin(spatial) number
  st_z(spatial) number
  st_zmax(spatial) number
  st_zmin(spatial) number
  supportsbbox(spatial) boolean
  `,
);
