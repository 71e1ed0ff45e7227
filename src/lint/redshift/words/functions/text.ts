// Functions of text, of JSON and SUPER values, of bytes, and hashes.
import { page } from '../../rules/rule.ts';
import { type Signature, signatures } from './signature.ts';

export const textFunctions: readonly Signature[] = [
  ...signatures(
    'scalar',
    page('String_functions_header'),
    `
    ascii(text) integer
    bpcharcmp(text, text) integer
    btrim(text, text?) text
    bttext_pattern_cmp(text, text) integer
    char_length(any) integer
    character_length(any) integer
    charindex(text, text) integer
    chr(integer) text
    collate(text, text) text
    concat(any, any) any
    crc32(text) text
    difference(text, text) integer
    initcap(text) text
    left(text, integer) text
    len(any) integer
    length(any) integer
    lower(text) text
    lpad(text, integer, text?) text
    ltrim(text, text?) text
    octet_length(any) integer
    octetindex(text, text) integer
    position(any, any) integer
    quote_ident(text) text
    quote_literal(text) text
    regexp_count(text, text, integer?, text?) integer
    regexp_instr(text, text, integer?, integer?, integer?, text?) integer
    regexp_replace(text, text, text?, integer?, text?) text
    regexp_substr(text, text, integer?, integer?, text?) text
    repeat(text, integer) text
    replace(text, text, text) text
    replicate(text, integer) text
    reverse(text) text
    right(text, integer) text
    rpad(text, integer, text?) text
    rtrim(text, text?) text
    soundex(text) text
    split_part(text, text, integer) text
    strpos(text, text) integer
    strtol(text, integer) integer
    substr(any, integer, integer?) text
    substring(any, integer, integer?) text
    text_to_int_alt(text, text?) integer
    text_to_numeric_alt(text, text?, integer?, integer?) number
    textlen(any) integer
    translate(text, text, text) text
    trim(text, text?) text
    upper(text) text
    `,
  ),
  ...signatures(
    'scalar',
    page('json-functions'),
    `
    can_json_parse(any) boolean
    is_valid_json(text) boolean
    is_valid_json_array(text) boolean
    json_array_length(text, boolean?) integer
    json_extract_array_element_text(text, integer, boolean?) text
    json_extract_path_text(text, any, any…) text
    json_extract_path_text(text, any) text
    json_parse(any) super
    json_serialize(super) text
    json_serialize_to_varbyte(super) binary
    json_typeof(super) text
    `,
  ),
  ...signatures(
    'scalar',
    page('c_Super_functions'),
    `
    array() super
    array(any…) super
    array_concat(super, super) super
    array_contains(super, any, boolean?) boolean
    array_distinct(super) super
    array_except(super, super, boolean?) super
    array_flatten(super) super
    array_intersection(super, super, boolean?) super
    array_position(super, any, boolean?) integer
    array_positions(super, any, boolean?) super
    array_sort(super, boolean?, boolean?) super
    array_union(super, super, boolean?) super
    arrays_overlap(super, super, boolean?) boolean
    decimal_precision(super) integer
    decimal_scale(super) integer
    get_array_length(super) integer
    is_array(super) boolean
    is_bigint(super) boolean
    is_boolean(super) boolean
    is_char(super) boolean
    is_decimal(super) boolean
    is_float(super) boolean
    is_integer(super) boolean
    is_object(super) boolean
    is_scalar(super) boolean
    is_smallint(super) boolean
    is_varchar(super) boolean
    json_size(super) integer
    lower_attribute_names(super) super
    object() super
    object(any…) super
    object_transform(super, any…) super
    size(super) integer
    split_to_array(text, text?) super
    subarray(super, integer, integer?) super
    upper_attribute_names(super) super
    `,
  ),
  ...signatures(
    'scalar',
    page('hash-functions'),
    `
    checksum(any) integer
    farmfingerprint64(any) integer
    fnv_hash(any, integer?) integer
    func_sha1(text) text
    md5(any) text
    murmur3_32_hash(any, integer?) integer
    sha(text) text
    sha1(text) text
    sha2(text, integer) text
    `,
  ),
  ...signatures(
    'scalar',
    page('varbyte-functions'),
    `
    from_hex(text) binary
    from_varbyte(binary, text) text
    getbit(binary, integer) integer
    to_hex(any) text
    to_varbyte(any, text) binary
    `,
  ),
];
