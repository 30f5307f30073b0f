select 'before';
select * from no_such_table;
select 'not reached';
