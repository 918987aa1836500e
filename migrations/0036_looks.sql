-- A restricted photo is a secret that was opened, so its looks stand in the report of openings.
drop index audit.entries_of_openings;
create index entries_of_openings on audit.entries (shop_id, seq) where action in (147, 148, 151, 176);
