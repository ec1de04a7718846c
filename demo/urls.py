from django.urls import path

from demo import views

app_name = "demo"
urlpatterns = [
    path("", views.sign_in, name="sign-in"),
    path("<slug:code>/", views.become, name="become"),
]
