-- An employer may answer that nothing has changed: while its offer is reserved, or cannot end any later, there was no honest answer to give.
alter table data.offer_link
    drop constraint offer_link_answer,
    add constraint offer_link_answer check (answer is null or purpose = 'confirm' and answer in ('confirmed', 'corrected', 'refused')
                                                           or purpose = 'stand' and answer in ('standing', 'prolonged', 'filled', 'over'));
