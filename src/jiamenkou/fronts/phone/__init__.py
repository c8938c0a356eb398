"""The resident's shell: home, 我的事, 消息, 我的."""
