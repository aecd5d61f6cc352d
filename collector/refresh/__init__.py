"""What is replaced when, and for how much: dates that bind a device, years they fall into, money they ask for. Pure.

`values` says what a plan is made of; `dates` finds each device's replace-by dates and which of them binds; `plan` puts
them into years by the plain rule; `optimise` chooses within budgets, as a what-if beside it.
"""
