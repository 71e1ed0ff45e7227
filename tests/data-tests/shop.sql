create table empty_table (id integer, name varchar(20), seen_at timestamp);
create table people (id integer, name varchar(20), country varchar(10), age integer, email varchar(40));
insert into people values
  (1, 'Ada', 'DE', 36, 'ada@x.org'),
  (2, 'Bo', 'de', 17, null),
  (3, 'Cy', null, null, 'cy@y.org'),
  (3, 'Di', 'US', 80, ''),
  (null, '  ', 'US', 80, 'Eve@x.org');
create table orders (id integer, person_id integer, status varchar(10), "Total Due" numeric(10, 2), net double precision, tax double precision);
insert into orders values
  (10, 1, 'placed', 12.00, 10, 2),
  (11, 1, 'shipped', 6.00, 5, 1),
  (12, 2, 'lost', 0.00, 0, 0),
  (13, 9, 'it''s', null, null, 1),
  (14, null, null, 1.50, 1, 0.5);
create table lines (order_id integer, line integer, sku varchar(10), note varchar(10));
insert into lines values (10, 1, 'a', null), (10, 2, 'b', 'x'), (10, 2, 'c', 'y'), (11, null, 'a', null), (11, null, 'b', 'b'), (null, null, null, null), (null, null, null, null);
create table periods (owner varchar(5), starts integer, ends integer);
insert into periods values ('a', 0, 1), ('a', 1, 2), ('a', 2, 3), ('b', 0, 1), ('b', 2, 3), ('c', 0, 2), ('c', 1, 3), ('d', 5, 5), ('e', 0, null), ('f', null, 3);
create table readings (meter varchar(5), n integer, seen_at timestamp);
insert into readings values
  ('a', 1, timestamp '2024-01-01 00:00:00'), ('a', 2, timestamp '2024-01-01 01:00:00'), ('a', 3, timestamp '2024-01-01 02:00:00'),
  ('b', 1, timestamp '2024-01-01 00:00:00'), ('b', 3, timestamp '2024-01-01 02:00:00'), ('b', 3, timestamp '2024-01-01 03:00:00');
create table fresh (store varchar(5), seen_at timestamp);
insert into fresh values
  ('new', cast(current_timestamp as timestamp) - interval '1 hour'), ('new', timestamp '2001-01-01 00:00:00'),
  ('old', timestamp '2001-01-01 00:00:00'), ('odd', cast(current_timestamp as timestamp) + interval '10 day');
create table numbers (grp varchar(5), x double precision, y numeric(10, 4));
insert into numbers values ('a', 1, 1.0001), ('a', 2, 2.0001), ('a', 3, 3.0001), ('b', 10, 4), ('b', null, 5);
create table numbers_again (x double precision, grp varchar(5), y numeric(10, 4));
insert into numbers_again values (1, 'a', 1.0002), (2, 'a', 2.0001), (3, 'a', 3.0001), (10, 'b', 4), (null, 'b', 5);
