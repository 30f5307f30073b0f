create table t(id integer primary key, a int, b text);
with recursive n(i) as (select 1 union all select i + 1 from n where i < (select n from size))
  insert into t select i, i * 7919 % 10007, printf('row %d of %x', i, i * 2654435761 % 65536) from n;
create index ta on t(a);
create index tb on t(b);
select count(*), sum(a), max(b) from t where b like '%of 7%';
select count(*) from t x join t y on x.a = y.a where x.id < y.id;
update t set b = upper(b) where a % 3 = 0;
select sum(length(b)), count(distinct substr(b, -3)) from t;
delete from t where a < 3000;
select count(*), total(a) from t;
