"""The application as a server finds it, wired from the environment."""

from feedback_api.app import create_app
from feedback_api.settings import Settings
from feedback_core.kit.garbage import settle_collector

app = create_app(Settings.from_environment())
settle_collector()
