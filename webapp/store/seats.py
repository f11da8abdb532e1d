"""Seats: a student joins as `waiting`, and becomes active in the same transaction where the license has room."""

# The license's row is locked, so that two runs never give the last seat twice (SEC-21); before any enrollment is
# written, so that they queue up here and nowhere else. `no key`: whoever joins the license meanwhile need not wait.
SEAT_LOCK = """
create temp table seat_license on commit drop as
select l.id, l.student_seats from license l where l.id in
    (select license_id from school_class where id = any(:classes)) order by l.id for no key update;
"""

# A seat is a distinct account with an active student enrollment in an active or frozen class of the license: whoever
# has one already costs nothing. Students of a class that leaves the archive (`reseated` in `touched`) ask like others.
SEATS = """
update enrollment n set state = 'waiting' from touched t
where t.what = 'reseated' and (n.class_id, n.account_id, n.role) = (t.class_id, t.account_id, t.role);
create temp table seated on commit drop as
select distinct c.license_id, n.account_id from enrollment n join school_class c on c.id = n.class_id
where c.license_id in (select id from seat_license) and c.state in ('active', 'frozen')
  and n.role = 'student' and n.state = 'active';
create temp table hopeful on commit drop as
select c.license_id, n.account_id, min(n.id) as first_asked, array_agg(n.id) as enrollments
from enrollment n join school_class c on c.id = n.class_id
where c.license_id in (select id from seat_license) and c.state in ('active', 'frozen')
  and n.role = 'student' and n.state = 'waiting' group by 1, 2;
analyze seated;
analyze hopeful;
create temp table promoted on commit drop as
with queued as (
    select h.*, s.account_id is not null as has_seat,
           row_number() over (partition by h.license_id, s.account_id is null order by h.first_asked) as place
    from hopeful h left join seated s on s.license_id = h.license_id and s.account_id = h.account_id),
free as (
    select l.id as license_id, l.student_seats - count(s.account_id) as seats
    from seat_license l left join seated s on s.license_id = l.id group by l.id, l.student_seats)
select n.id, n.class_id, n.account_id, n.role
from queued q join free f using (license_id) cross join lateral unnest(q.enrollments) as waiting(id)
join enrollment n on n.id = waiting.id where q.has_seat or q.place <= f.seats;
update enrollment n set state = 'active' from promoted p where n.id = p.id and n.state = 'waiting';
with as_before as (
    delete from touched t using promoted p
    where t.what = 'reseated' and (p.class_id, p.account_id, p.role) = (t.class_id, t.account_id, t.role)
    returning t.class_id, t.account_id, t.role)
delete from promoted p using as_before b where (p.class_id, p.account_id, p.role) = (b.class_id, b.account_id, b.role);
"""
