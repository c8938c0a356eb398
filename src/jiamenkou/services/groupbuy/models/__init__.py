"""The nouns of community choice."""

from jiamenkou.services.groupbuy.models.cycle import Cycle, Offer, PickupPoint
from jiamenkou.services.groupbuy.models.order import Complaint, Order, OrderLine, OrderLog, Settlement
from jiamenkou.services.groupbuy.models.parties import Leader, Lot, Product, Supplier, SupplierPaper

__all__ = [
    "Complaint",
    "Cycle",
    "Leader",
    "Lot",
    "Offer",
    "Order",
    "OrderLine",
    "OrderLog",
    "PickupPoint",
    "Product",
    "Settlement",
    "Supplier",
    "SupplierPaper",
]
