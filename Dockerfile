# The image of web and worker alike; compose.yaml says which is which.
# Its root may be read-only. Files are made under TMPDIR alone, a volume on real disk: exports are
# sorted there, workbooks and uploads stand there for a moment.
FROM node:22-slim AS assets
WORKDIR /app
COPY package.json package-lock.json scripts/inter.sh ./
RUN npm ci --omit=dev --no-audit --no-fund
RUN mkdir -p static/vendor \
 && cp node_modules/htmx.org/dist/htmx.min.js static/vendor/htmx.min.js \
 && cp node_modules/@shopify/polaris-tokens/dist/css/styles.css static/vendor/polaris-tokens.css \
 && sh inter.sh static/vendor

FROM python:3.11-slim AS packages
WORKDIR /build
COPY requirements/app.txt ./
RUN python -m venv /venv \
 && /venv/bin/pip install --no-cache-dir --require-hashes -r app.txt

FROM python:3.11-slim
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
RUN useradd --system --uid 10001 --no-create-home altera \
 && install --directory --owner=altera --mode=700 /scratch
ENV TMPDIR=/scratch
VOLUME /scratch
WORKDIR /app
COPY --from=packages /venv /venv
COPY app.py background.py config.py gunicorn.conf.py http_worker.py logs.py metrics.py plans.py queues.py scratch.py worker.py ./
COPY blueprints blueprints
COPY commands commands
COPY docs docs
COPY jobs jobs
COPY mail mail
COPY migrations migrations
COPY models models
COPY shopify shopify
COPY shops shops
COPY static static
COPY templates templates
COPY transfer transfer
COPY translations translations
COPY workloads workloads
COPY --from=assets /app/static/vendor static/vendor
RUN python -m compileall -q .
USER 10001
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s \
 CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/healthz', timeout=2)"]
CMD ["gunicorn", "--bind", "0.0.0.0:8000", "app:create_app()"]
