CREATE INDEX ix_outbox_lost ON outbox (id) WHERE lane = 4 AND state IN ('failed', 'doubtful')
;;
CREATE INDEX ix_requests_dead ON requests (id) WHERE state = 'dead'
