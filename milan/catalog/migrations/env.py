"""Alembic runs this file for every migration; the connection comes from `milan.catalog.backends`."""

from alembic import context

context.configure(connection=context.config.attributes["connection"], transactional_ddl=True)
with context.begin_transaction():
    context.run_migrations()
