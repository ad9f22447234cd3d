"""What Prometheus is told. Each metric is here, and deploy/monitoring uses no other."""

from typing import Any

from prometheus_client import Counter, Gauge, Histogram, Info

_BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30)

REQUESTS = Counter("techniekpact_requests", "Requests by route and status", ["method", "route", "status"])
REQUEST_SECONDS = Histogram("techniekpact_request_seconds", "Time of a whole request", ["route"], buckets=_BUCKETS)
AT_WORK = Gauge("techniekpact_requests_at_work", "Requests that are being answered")
LIMITED = Counter("techniekpact_limited", "Requests that were one too many, by limit", ["limit"])

REPLIES = Counter("techniekpact_replies", "Replies by kind", ["kind"])
REPLY_SECONDS = Histogram("techniekpact_reply_seconds", "Time from message to reply", buckets=_BUCKETS)
RASA_SECONDS = Histogram("techniekpact_rasa_seconds", "Time that Rasa and the actions take", buckets=_BUCKETS)
NODE_FAILURES = Counter("techniekpact_node_failures", "Messages that a node did not answer")
MASKED = Counter("techniekpact_masked_messages", "Messages in which personal data were masked")
LOG_FAILURES = Counter("techniekpact_log_failures", "Replies that could not be kept in the log")

UP = Gauge("techniekpact_up", "Whether a part answers", ["part"])
KNOWLEDGE_VERSION = Gauge("techniekpact_knowledge_version", "The version of the knowledge in use")
MODEL = Info("techniekpact_model", "The model in use")
OLDEST_MESSAGE_SECONDS = Gauge("techniekpact_oldest_message_seconds", "Age of the oldest message that is kept")


def show_parts(parts: dict[str, Any]) -> None:
    """Set what is up, and in which version."""
    for part, state in parts.items():
        UP.labels(part).set(bool(state))
    KNOWLEDGE_VERSION.set(parts.get("kennis") or 0)
    MODEL.info({"id": str(parts.get("model") or "")})
