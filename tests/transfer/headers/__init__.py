"""The headers of each type's sheets, typed from real files and the documents that describe them.

``<location>``, ``<catalog>``, ``<channel>``, ``<definition>`` and ``<undefined>`` (a metafield
without one) stand for what each store names itself.
"""
