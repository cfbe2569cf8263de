"""What programs have at hand when they are forked: their modules, and the stand-in's schema."""

import gc

import gunicorn.app.wsgiapp
import gunicorn.workers.gthread

import standin.server
import worker
from standin.schema import admin

PROGRAMS = (gunicorn.app.wsgiapp, gunicorn.workers.gthread, standin.server, worker)
admin()
gc.collect()
gc.freeze()  # so that no program looks at it, or copies its memory
