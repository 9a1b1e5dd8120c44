-- An occupation is found by what it is called, however it is written, without folding the names of all for each offer of a feed.
create index rome_called on data.rome (data.fold(label));
