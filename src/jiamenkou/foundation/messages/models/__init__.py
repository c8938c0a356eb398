"""The nouns of telling people, one module each."""

from jiamenkou.foundation.messages.models.campaign import (
    CallResult,
    Campaign,
    CampaignCall,
    CampaignState,
    Opening,
    Recipient,
    SmsMonth,
    Way,
)
from jiamenkou.foundation.messages.models.choice import MOST_ACCEPTED, Acceptance, OptOut
from jiamenkou.foundation.messages.models.message import (
    Channel,
    Delivery,
    DeliveryQuerySet,
    DeliveryState,
    Message,
    MessageQuerySet,
)

__all__ = [
    "MOST_ACCEPTED",
    "Acceptance",
    "CallResult",
    "Campaign",
    "CampaignCall",
    "CampaignState",
    "Channel",
    "Delivery",
    "DeliveryQuerySet",
    "DeliveryState",
    "Message",
    "MessageQuerySet",
    "Opening",
    "OptOut",
    "Recipient",
    "SmsMonth",
    "Way",
]
