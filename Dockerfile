# One image for web, worker, beat and migrate. No compiler, no embedded servers, no root.
FROM python:3.13-slim

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN useradd --uid 10001 --user-group --no-create-home --home-dir /nonexistent hehuoren
WORKDIR /srv/hehuoren

COPY requirements.txt .
RUN pip install --require-hashes -r requirements.txt

COPY . .
# Collecting reads the settings, which insist on addresses; nothing here connects to them or stays in the image.
RUN SECRET_KEY=build DATA_KEYS=build DATABASE_URL=postgresql://build@build/build BROKER_URL=redis://build \
    SITE_URL=https://build.invalid python manage.py collectstatic --noinput -v 0

USER hehuoren
ENV BIND=0.0.0.0 PORT=8000
EXPOSE 8000
CMD ["python", "-m", "gunicorn", "-c", "config/web.py", "config.wsgi"]
