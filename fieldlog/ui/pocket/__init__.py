"""The app on a phone: installed, updated, handed things by other apps."""
