-- A message that failed for good and is sent again begins a round: its tries are counted anew, those of before stay under their own. They
-- stood under numbers below zero, which say in which order they came and not where one round ended: they are the first round.
alter table data.delivery add round integer not null default 1 constraint delivery_round check (round >= 1);
alter table data.delivery_attempt add round integer not null default 1;
alter table data.delivery_attempt drop constraint delivery_attempt_pkey;
update data.delivery d set round = 2 where exists (select from data.delivery_attempt a where a.delivery_id = d.id and a.number < 0);
update data.delivery_attempt a set round = 2 where a.number > 0 and exists (select from data.delivery d where d.id = a.delivery_id and d.round = 2);
update data.delivery_attempt set number = -number where number < 0;
alter table data.delivery_attempt add primary key (delivery_id, round, number);
alter table data.delivery_attempt add constraint delivery_attempt_number check (round >= 1 and number >= 1);
