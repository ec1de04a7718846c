from django.apps import AppConfig


class NightschoolConfig(AppConfig):
    name = "nightschool"
