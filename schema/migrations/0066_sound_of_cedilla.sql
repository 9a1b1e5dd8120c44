-- A cedilla is there to be heard: folding made a hard c of it, so « masson » did not find Maçon. What is kept of the names that
-- have one is made anew; those of other names sound as they did.
create or replace function data.sound(value text) returns text
    language sql immutable strict parallel safe
    return regexp_replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(
        translate(data.fold(translate(value, 'çÇ', 'ss')), 'yz', 'is'),
        'eau', 'o'), 'au', 'o'), 'ai', 'e'), 'ei', 'e'), 'en', 'an'), 'em', 'am'), 'ph', 'f'), 'qu', 'k'), 'ch', 'x'), 'tion', 'sion'), 'tian', 'sian'),
        'sc', 's'), 'ce', 'se'), 'ci', 'si'), 'c', 'k'), 'h', ''), '([a-z])\1+', '\1', 'g');
update data.rome set label = label where label ~* 'ç';
update data.appellation set label = label where label ~* 'ç';
