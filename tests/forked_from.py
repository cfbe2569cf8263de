"""What programs have at hand when they are forked: their modules, the stand-in's schema, the
models' mappers, and the authorities whose certificates are good."""

import gc

import gunicorn.app.wsgiapp
import gunicorn.workers.gthread
from sqlalchemy.orm import configure_mappers

import standin.server
import worker
from shopify.tls import certificates
from standin.schema import admin

PROGRAMS = (gunicorn.app.wsgiapp, gunicorn.workers.gthread, standin.server, worker)
admin()
configure_mappers()
certificates()
gc.collect()
gc.freeze()  # so that no program looks at it, or copies its memory
