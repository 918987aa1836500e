-- Somebody on the way can be called back and another sent; a voided invoice opens a closed job again.
create or replace function app.jobs_step() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if new.status <> old.status and not (old.status || '>' || new.status = any (array[
    'new>scheduled','new>cancelled','new>refused','scheduled>new','scheduled>en_route','scheduled>on_site','scheduled>cancelled','scheduled>refused',
    'en_route>scheduled','en_route>on_site','en_route>cancelled','en_route>refused','on_site>completed','on_site>cancelled','on_site>refused',
    'completed>invoiced','completed>closed','invoiced>completed','invoiced>closed','closed>completed'])) then
    raise exception 'a job does not go from % to %', old.status, new.status using errcode = '23514', constraint = 'jobs_step';
  end if;
  return new;
end $$;
