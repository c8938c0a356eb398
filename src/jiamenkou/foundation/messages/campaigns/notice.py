"""The one notice of campaigns. It can be switched off, and without the consent to messages it stays on the screen."""

from __future__ import annotations

from jiamenkou.foundation.messages.notices import Notice

NEWS = Notice("campaign.news", "社区消息和政策", "{title}", "", "megaphone", "blue", sms="CAMPAIGN", wechat="CAMPAIGN")
