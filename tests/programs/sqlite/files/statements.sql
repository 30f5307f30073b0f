.mode list
pragma page_size = 4096;
pragma journal_mode = delete;
create table customers(id integer primary key, name text unique not null, since text);
create table orders(id integer primary key, customer int references customers(id), total real, note text);
create index by_customer on orders(customer, total desc);
begin;
with recursive n(i) as (select 1 union all select i + 1 from n where i < 200)
  insert into customers select i, 'customer ' || substr('00' || i, -3), date('2020-01-01', '+' || i || ' days') from n;
with recursive n(i) as (select 1 union all select i + 1 from n where i < 3000)
  insert into orders select i, 1 + i * 7919 % 200, round(i * 31 % 1000 / 8.0, 2), printf('%08x', i * 2654435761 % 4294967296) from n;
commit;
begin; delete from orders where id > 10; rollback;
select count(*), round(avg(total), 4), min(note), max(note) from orders;
insert into customers(name) values ('customer 001');
select name, count(*) as n, round(sum(total), 2) from orders join customers c on c.id = customer
  group by c.id having n > 14 order by 3 desc, 1 limit 5;
select customer, total, rank() over (partition by customer order by total desc) r,
  sum(total) over (order by id rows between 2 preceding and current row) from orders where id < 8;
create trigger note after update of total on orders begin update orders set note = 'changed' where id = new.id; end;
update orders set total = total * 2 where customer = 7;
select count(*) from orders where note = 'changed';
explain query plan select * from orders where customer = 3 order by total desc;
create virtual table documents using fts5(title, body);
insert into documents values ('bell', 'a glass bell over the plant'), ('stack', 'values on a stack, calls on a stack');
select title, highlight(documents, 1, '[', ']') from documents where documents match 'stack OR glass' order by rank;
create virtual table boxes using rtree(id, x0, x1, y0, y1);
insert into boxes select id, id % 20, id % 20 + 1, id / 20, id / 20 + 1 from customers;
select count(*) from boxes where x0 > 3 and x1 < 9 and y0 > 2 and y1 < 6;
vacuum;
pragma integrity_check;
