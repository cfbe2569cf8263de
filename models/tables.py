"""Every table there is: what migrations compare and what tests empty."""

from models.activity import Activity
from models.api_key import ApiKey
from models.heartbeat import Heartbeat
from models.idempotency import RepeatableCall
from models.import_chunk import ImportChunk
from models.import_object import ImportObject
from models.import_row import ImportRow
from models.issuer_key_set import IssuerKeySet
from models.job import Job
from models.key_request import KeyNetwork, KeyRequest
from models.key_use import KeyDay, PermissionUse
from models.notice import Notice
from models.privacy_report import PrivacyReport
from models.saved_export import SavedExport
from models.shop import Shop
from models.staff_member import StaffMember
from models.uploaded_file import UploadedFile
from models.webhook_delivery import WebhookDelivery
from models.workload import WorkloadKey, WorkloadRule

TABLES = (
    Shop,
    StaffMember,
    SavedExport,
    ApiKey,
    WorkloadRule,
    WorkloadKey,
    Job,
    ImportRow,
    ImportObject,
    ImportChunk,
    RepeatableCall,
    UploadedFile,
    Activity,
    Notice,
    KeyDay,
    PermissionUse,
    KeyRequest,
    KeyNetwork,
    WebhookDelivery,
    PrivacyReport,
    Heartbeat,
    IssuerKeySet,
)
OF_NOBODY = (PrivacyReport, Heartbeat, IssuerKeySet)
"""The tables whose rows belong to no shop."""
