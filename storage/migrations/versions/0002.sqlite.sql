CREATE TABLE bookings (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    team TEXT NOT NULL,
    person_id BIGINT NOT NULL,
    funnel TEXT NOT NULL,
    field TEXT NOT NULL,
    from_us BIGINT NOT NULL,
    till_us BIGINT NOT NULL,
    made_us BIGINT NOT NULL,
    CONSTRAINT uq_bookings_person_id_funnel_field UNIQUE (person_id, funnel, field),
    CONSTRAINT fk_bookings_person_id FOREIGN KEY(person_id) REFERENCES people (id)
)
;;
CREATE INDEX ix_bookings_team_from_us ON bookings (team, from_us)
