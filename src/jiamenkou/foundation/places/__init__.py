"""Places: 区→街道→社区→网格→楼栋→单元 as one tree; households are rows on a unit, not nodes."""
