-- What each of these counts, told in full.
update data.indicator set sentence = 'Engagements de visite pris pendant la période, ceux repris d’une autre structure compris, ceux pris par erreur et aussitôt annulés déduits.'
 where code = 'promises';
update data.indicator set sentence = 'Offres confirmées par l’employeur pendant la période. Une offre que deux structures ont recueillie compte pour chacune.'
 where code = 'offers';
update data.indicator
   set sentence = 'Pour chaque visite, structures qui avaient alors cet employeur dans leurs fichiers et ne l’ont pas sollicité dans les soixante jours d’avant et d’après.'
 where code = 'avoided';

-- The delay of a promise goes to its visit and no more to its report, and promises that were taken back count no more: their facts are made anew.
insert into data.fact_touched (establishment_id, routine)
select distinct p.establishment_id, true from data.promise p where p.state in ('kept', 'undone') order by 1;
