"""What is counted."""

from ossicle.edge.metrics import Metrics


def test_requests_are_counted_by_operation_and_outcome() -> None:
    metrics = Metrics()
    for status, code in ((200, ""), (200, ""), (403, "AccessDenied")):
        metrics.count(operation="PutObject", status=status, code=code, seconds=0.02, received_bytes=10, sent_bytes=1)
    text = metrics.render().decode()
    assert 'ossicle_requests_total{code="",operation="PutObject",status="200"} 2.0' in text
    assert 'ossicle_requests_total{code="AccessDenied",operation="PutObject",status="403"} 1.0' in text
    assert 'ossicle_request_seconds_bucket{le="0.025",operation="PutObject"} 3.0' in text
    assert 'ossicle_request_seconds_bucket{le="0.01",operation="PutObject"} 0.0' in text
    assert "ossicle_received_bytes_total 30.0" in text
    assert "ossicle_sent_bytes_total 3.0" in text
    assert "ossicle_requests_in_flight 0.0" in text


def test_two_servers_do_not_share_a_count() -> None:
    first, second = Metrics(), Metrics()
    first.count(operation="A", status=200, code="", seconds=0, received_bytes=0, sent_bytes=0)
    assert b'operation="A"' not in second.render()
