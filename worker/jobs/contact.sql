-- card_purge() -> row
-- How many business cards went: they are kept ninety days.
select data.picture_purge();

-- contact_purge(most int) -> row
-- How many persons were erased: fewer than asked when no more is due.
select data.contact_purge(:most);
