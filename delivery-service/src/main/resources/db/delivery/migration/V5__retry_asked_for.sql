-- When an operator last asked for an attempt: a destination that could not be reached before is tried again for it.
alter table recipient add column asked_at timestamptz;
