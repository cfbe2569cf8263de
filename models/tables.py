"""Every table there is: what migrations compare and what tests empty."""

from models.activity import Activity
from models.api_key import ApiKey
from models.import_row import ImportRow
from models.job import Job
from models.key_use import KeyDay, PermissionUse
from models.notice import Notice
from models.shop import Shop

TABLES = (Shop, ApiKey, Job, ImportRow, Activity, Notice, KeyDay, PermissionUse)
