// Which of our contracts a feed means. Pure, any thread.
#pragma once

#include "feed/layout.h"

// Our word for a contract in theirs (folded or not); absent when none is recognised.
struct str feed_contract(struct arena *a, const struct feed_layout *layout, struct str theirs);

// What is no contract of employment: codes of France Travail, and their words.
bool feed_is_self_employed(struct arena *a, struct str theirs);

// Their word for what is ours, by the table of its field; absent when it has none.
struct str feed_word_for(struct arena *a, const struct feed_layout *l, enum feed_field field, struct str theirs);
