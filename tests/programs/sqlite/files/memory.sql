create table t(a, b);
insert into t values (1, 'one'), (2.5, 'two, and a "half"'), (null, x'00ff'), ('text', -9223372036854775808);
select a, b, typeof(a), typeof(b), quote(b) from t order by rowid;
select json_object('k', json_array(1, 2.5, null, 'x')), json_extract('{"a":{"b":[10,20]}}', '$.a.b[1]');
select upper('straße'), length('€uro'), instr('haystack', 'st'), 7 / 2, 7 % -3, 7 / 2.0, 1e308 * 10, 0.1 + 0.2;
select strftime('%Y-%m-%d %H:%M', 1e9, 'unixepoch'), julianday('2000-01-01'), date('2024-02-28', '+2 days');
select 'abc' like 'A_C', 'abc' glob 'a*', 'x' between 'a' and 'y', coalesce(null, 5), iif(1 > 2, 'yes', 'no');
with recursive f(a, b) as (select 0, 1 union all select b, a + b from f limit 20) select group_concat(a, ' ') from f;
select a, b from t where a is not null intersect select a, b from t where b like 'two%';
