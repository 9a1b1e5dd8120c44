-- What waits to be sorted into an index of words is sorted in by whoever makes its list too long: of four megabytes, the default, that took an
-- offer that opened three to seven seconds, and all that opened beside it waited. Of 256 kB it takes a moment.
alter index data.board_line_search set (gin_pending_list_limit = 256);
alter index data.offer_word_words set (gin_pending_list_limit = 256);
