"""WeChat subscription messages (订阅消息): one acceptance, one message; fields of fixed kinds; a token that many share."""
