"""Refresh plans of a trust: what people say for them, the estate that they are made of, and what-ifs in the background.

    sayings     what people say: policies, money, needs, decisions; journaled
    kit         one device of the register as a plan sees it, or the rule by which it does not enter
    gather      the whole estate, read from the store
    making      the plain rule over it, and what-ifs within budgets beside it
    shelf       plans and what-ifs that were made are kept until what they are made of changes

How a plan is made is `collector.refresh`'s, which knows no store.
"""
