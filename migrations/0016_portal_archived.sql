-- The portal leaves out places and doors that are no longer in use.
grant select (archived_at) on app.sites, app.openings to shearline_portal;
