"""What Rasa's server runs beside the components: the channel to the gateway, the conversations, the locks.

Runs inside Rasa's environment, like `bot.nlu`, but is no part of the model: a change here needs no training.
"""
