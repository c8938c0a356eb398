"""The pages of the closed loop: the desk's 办件 and the phone's 办事帮助."""
