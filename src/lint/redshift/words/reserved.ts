// Words that are no names unless quoted. https://docs.aws.amazon.com/redshift/latest/dg/r_pg_keywords.html
// TIMESTAMP stands on that page, too, but is taken as a column's name; ARRAY is a name where neither ( nor [ follows.

const listed = `
  aes128 aes256 all allowoverwrite analyse analyze and any array as asc authorization az64 backup between binary blanksasnull
  both bytedict bzip2 case cast check collate column constraint create credentials cross current_date current_time
  current_timestamp current_user current_user_id default deferrable deflate defrag delta delta32k desc disable distinct do
  else emptyasnull enable encode encrypt encryption end except explicit false for foreign freeze from full globaldict256
  globaldict64k grant group gzip having identity ignore ilike in initially inner intersect interval into is isnull join
  language leading left like limit localtime localtimestamp lun luns lzo lzop minus mostly13 mostly16 mostly32 mostly8
  natural new not notnull null nulls off offline offset oid old on only open or order outer overlaps parallel partition
  percent permissions placing primary raw readratio recover references rejectlog resort respect restore right select
  session_user similar snapshot some sysdate system table tag tdes text255 text32k then to top trailing true truncatecolumns
  union unique user using verbose wallet when where with without`;

export const reservedWords: ReadonlySet<string> = new Set(listed.split(/\s+/).filter((word) => word !== ''));

/** On that page, too, but the server reads them as columns: only as a new name they need quotes. */
export const readableWords: ReadonlySet<string> = new Set(
  'backup bzip2 deflate encode explicit gzip language lzop offline oid wallet'.split(' '),
);

/** Words that begin a clause: after a table or an expression they are no alias, though they are not reserved. */
export const clauseWords: ReadonlySet<string> = new Set(
  'connect exclude fetch filter over pivot qualify returning set start window within tablesample unpivot lateral at escape'.split(' '),
);

/** Words that no one takes for a column: they hold a statement together. */
export const structureWords: ReadonlySet<string> = new Set(
  'all and as asc between case create cross desc distinct do else end except from full group having in inner intersect into is join limit minus natural not offset on or order select then to union using when where with'.split(
    ' ',
  ),
);
