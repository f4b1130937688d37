FLASK_APP=wiseops.app
