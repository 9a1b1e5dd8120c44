-- Who was not met in the period may have been met before it.
update data.indicator set name = 'Employeurs à potentiel non rencontrés' where code = 'white';

-- What is said of partners, not of places or employers: it has no map and no list.
alter table data.indicator add column by_area boolean not null default true;
insert into data.indicator (rank, code, kind, unit, better, name, counted, out_of, sentence, by_area) values
    (165, 'signed_share', 'means', 'percent', 'more', 'Part des signatures données', 'signatures données', 'signatures demandées',
     'Parmi les signatures demandées pour les versions de plans mises à la signature pendant la période, part de celles qui ont été données.', false);
